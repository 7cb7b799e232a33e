// SPDX-License-Identifier: Apache-2.0
// Copyright The Breakwater Authors

// Elements without a template language. Text always enters as text: names of accounts and books
// are a stranger's input and never become markup.

export type Child = Node | string | null | undefined | false;
export type Attributes = Record<string, string | number | boolean | undefined>;

export function h<K extends keyof HTMLElementTagNameMap>(
    tag: K,
    attributes: Attributes = {},
    ...children: Child[]
): HTMLElementTagNameMap[K] {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value === undefined || value === false) continue;
        element.setAttribute(name, value === true ? '' : String(value));
    }
    for (const child of children) if (child || child === '') element.append(child);
    return element;
}

/** A group of buttons of which one is pressed, for choosing an asset. */
export function chooser(
    label: string,
    names: string[],
    choose: (index: number) => void,
): HTMLElement {
    const buttons = names.map((name, index) => {
        const button = h('button', { type: 'button', 'aria-pressed': String(index === 0) }, name);
        button.addEventListener('click', () => {
            for (const other of buttons)
                other.setAttribute('aria-pressed', String(other === button));
            choose(index);
        });
        return button;
    });
    return h('div', { class: 'chooser', role: 'group', 'aria-label': label }, ...buttons);
}
