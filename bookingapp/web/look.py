"""What every page loads, and the drawings: names and shapes only, no Django."""

from __future__ import annotations

# In the order of the layers, which tokens.css declares.
STYLES = (
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/header.css",
    "css/components/button.css",
    "css/components/field.css",
    "css/components/panel.css",
    "css/components/badge.css",
    "css/components/notice.css",
    "css/components/toast.css",
    "css/components/undo.css",
    "css/components/steps.css",
    "css/components/table.css",
    "css/components/menu.css",
    "css/components/grid.css",
    "css/utilities.css",
)

# They never import each other: a hashed file must not name an unhashed one.
MODULES = (
    "js/toast.js",
    "js/live.js",
    "js/focus.js",
    "js/slow.js",
    "js/leaving.js",
    "js/give-way.js",
    "js/steady.js",
    "js/local-age.js",
    "js/menu.js",
    "js/shortcuts.js",
    "js/undo-bar.js",
    # Says something as it begins, so after whoever reads it out.
    "js/undo-announce.js",
)

# Drawn on 20 × 20, stroked with the colour of the text around them (base.css).
ICONS = {
    "mark": '<rect x="2.5" y="3.5" width="15" height="13" rx="2.5"/>'
    '<path d="M2.5 8h15M7.5 8v8.5M12.5 8v8.5M2.5 12.3h15"/>'
    '<path d="M7.5 8h5v4.3h-5z" fill="currentcolor"/>',
    "calendar": '<rect x="3" y="4" width="14" height="13" rx="2"/><path d="M3 8h14M7 2v4M13 2v4"/>',
    "list": '<path d="M7 5h10M7 10h10M7 15h10M3.5 5h.01M3.5 10h.01M3.5 15h.01"/>',
    "board": '<path d="M3.5 4h3.6v12H3.5zM8.2 4h3.6v7.5H8.2zM12.9 4h3.6v9.5h-3.6z"/>',
    "bell": '<path d="M5 13.5V9a5 5 0 0 1 10 0v4.5l1.5 1.5h-13zM8.5 17.5h3"/>',
    "check": '<path d="M4 10.5l4 4 8-9"/>',
    "cross": '<path d="M5 5l10 10M15 5L5 15"/>',
    "clock": '<circle cx="10" cy="10" r="7"/><path d="M10 6v4.2l2.8 1.8"/>',
    "hourglass": '<path d="M5.5 3h9M5.5 17h9"/>'
    '<path d="M6.5 3c0 4 7 5 7 7s-7 3-7 7M13.5 3c0 4-7 5-7 7s7 3 7 7"/>',
    "send": '<path d="M3 10l14-6.5-4.5 13L9.5 11zM9.5 11l3-2.5"/>',
    "shield": '<path d="M10 2.8l6 2.2v4.6c0 3.8-2.6 6.3-6 7.6-3.4-1.3-6-3.8-6-7.6V5z"/>',
    "search": '<circle cx="9" cy="9" r="5.5"/><path d="M13.2 13.2L17 17"/>',
    "question": '<circle cx="10" cy="10" r="7"/>'
    '<path d="M7.9 8a2.1 2.1 0 1 1 3 1.9c-.6.3-.9.7-.9 1.4M10 13.7h.01"/>',
    "info": '<circle cx="10" cy="10" r="7"/><path d="M10 9.5V14M10 6.5h.01"/>',
    "warning": '<path d="M10 3l7.5 13.5h-15zM10 8v4M10 14.3h.01"/>',
    "blocked": '<circle cx="10" cy="10" r="7"/><path d="M5.2 5.2l9.6 9.6"/>',
    "left": '<path d="M12 4.5L6.5 10l5.5 5.5"/>',
    "right": '<path d="M8 4.5l5.5 5.5L8 15.5"/>',
    "down": '<path d="M5 7.5l5 5 5-5"/>',
    "refresh": '<path d="M16 10a6 6 0 1 1-1.8-4.3M16.5 3v3.2h-3.2"/>',
    "move": '<path d="M3 6.5h10.5M10.5 3.5l3 3-3 3M17 13.5H6.5M9.5 10.5l-3 3 3 3"/>',
    "undo": '<path d="M4 8h8a4 4 0 0 1 0 8H7M7 4.5L3.5 8 7 11.5"/>',
    "plus": '<path d="M10 4v12M4 10h12"/>',
    "person": '<circle cx="10" cy="7" r="3.2"/><path d="M3.8 17a6.3 6.3 0 0 1 12.4 0"/>',
    "phone": '<path d="M4 3.5h3l1.5 4-2 1.5a10 10 0 0 0 4.5 4.5l1.5-2 4 1.5v3a1.5 1.5 0 0 1-1.6 1.5'
    'A13.5 13.5 0 0 1 2.5 5.1 1.5 1.5 0 0 1 4 3.5z"/>',
    "mail": '<rect x="2.5" y="4.5" width="15" height="11" rx="2"/><path d="M3 6l7 5 7-5"/>',
    "globe": '<circle cx="10" cy="10" r="7"/>'
    '<path d="M3 10h14M10 3c5 4.5 5 9.5 0 14M10 3c-5 4.5-5 9.5 0 14"/>',
    "screen": '<rect x="2.5" y="4" width="15" height="10" rx="1.5"/><path d="M7 17h6M10 14v3"/>',
    "phone-device": '<rect x="5.5" y="2" width="9" height="16" rx="2"/><path d="M9 15.2h2"/>',
    "gear": '<circle cx="10" cy="10" r="2.6"/><path d="M10 2.5v2.3M10 15.2v2.3'
    "M2.5 10h2.3M15.2 10h2.3"
    'M4.7 4.7l1.6 1.6M13.7 13.7l1.6 1.6M15.3 4.7l-1.6 1.6M6.3 13.7l-1.6 1.6"/>'
    '<circle cx="10" cy="10" r="5.2"/>',
    "key": '<circle cx="6.5" cy="10" r="3.5"/><path d="M10 10h7.5M14.5 10v3"/>',
    "leave": '<path d="M8 3.5H4.5a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1H8M12.5 6L16.5 10l-4 4M16 10H8"/>',
}
