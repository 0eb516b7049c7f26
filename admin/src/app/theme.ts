import { Combobox, createTheme, Drawer, Modal, Select, Table, Tooltip } from '@mantine/core';

/** Colours are set in styles.css, dark enough for contrast AA. */
export const theme = createTheme({
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  defaultRadius: 'sm',
  respectReducedMotion: true,
  components: {
    // Locking the scroll would add a style element, which the content security policy refuses.
    Modal: Modal.extend({
      defaultProps: { lockScroll: false, centered: true, closeButtonProps: { 'aria-label': 'Close' } },
    }),
    Drawer: Drawer.extend({
      defaultProps: { lockScroll: false, closeButtonProps: { 'aria-label': 'Close' } },
    }),
    Combobox: Combobox.extend({ defaultProps: { shadow: 'md' } }),
    Select: Select.extend({
      defaultProps: {
        checkIconPosition: 'right',
        // Within the landmark of its view; what scrolls is the list itself, which the arrow keys walk through.
        comboboxProps: { portalProps: { target: '#main' } },
        withScrollArea: false,
      },
      styles: { options: { maxHeight: 260, overflowY: 'auto' } },
    }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'xs' } }),
    Tooltip: Tooltip.extend({ defaultProps: { events: { hover: true, focus: true, touch: true } } }),
  },
});
