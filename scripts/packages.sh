# SPDX-License-Identifier: Apache-2.0
# Copyright The Breakwater Authors
#
# What Breakwater needs from Debian 12, one list for each purpose. Read by scripts/setup.sh.
# shellcheck shell=bash disable=SC2034

# ./run
packages_build=(build-essential cmake ninja-build libtbb-dev libcli11-dev libtomlplusplus-dev nlohmann-json3-dev)

# ./test, besides: GoogleTest, the 1024-bit oracle, compressed conformance cases, the second compiler of the golden hash
# and its sanitizers
packages_test=(libgtest-dev libboost-dev zlib1g-dev clang-19 libclang-rt-19-dev)

# ./run bench, besides: the numpy baseline
packages_bench=(python3-minimal python3-numpy)

# ./test --all, besides: clang-tidy, libFuzzer, source coverage
packages_extra=(clang-tidy-19 llvm-19)
