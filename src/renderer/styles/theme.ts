import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const falaj: MantineColorsTuple = [
  '#e6f4f1',
  '#cfe8e3',
  '#a3d4cc',
  '#72beb3',
  '#44a99c',
  '#1f9588',
  '#138277',
  '#0f766e',
  '#0b5f59',
  '#084a45',
];

/** Mantine's own red is too faint for text on white, and too bright under it. Its shades 4 and 7 are the tokens' `--bad`. */
const red: MantineColorsTuple = [
  '#fbe7e5',
  '#f9d3d0',
  '#f6bab5',
  '#f49f97',
  '#f2857c',
  '#dd5248',
  '#c83a31',
  '#b3261e',
  '#971f18',
  '#7c1913',
];

/** Mantine paints its dark surfaces with these: the same greys as the tokens. */
const dark: MantineColorsTuple = [
  '#e6ecea',
  '#b0bbb8',
  '#8f9c99',
  '#5c6967',
  '#3a4644',
  '#252e2c',
  '#101615',
  '#141a19',
  '#0e1312',
  '#0a0e0d',
];

/** A list opens when it is asked for, not when the focus comes by: it would cover what stands below. */
const listField = {
  size: 'xs',
  openOnFocus: false,
  comboboxProps: { transitionProps: { duration: 80 } },
};

export const theme = createTheme({
  colors: { falaj, red, dark },
  primaryColor: 'falaj',
  primaryShade: 7,
  fontFamily: 'var(--font-text)',
  fontFamilyMonospace: 'var(--font-code)',
  fontSizes: { xs: '11.5px', sm: '13px', md: '13px', lg: '15px', xl: '17px' },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '22px', xl: '24px' },
  headings: { fontWeight: '600' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '4px', md: '5px', lg: '8px', xl: '12px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: {
      defaultProps: { size: 'xs' },
      vars: () => ({
        root: { '--button-height': '28px', '--button-padding-x': '10px', '--button-fz': '13px' },
      }),
    },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 26 } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, transitionProps: { duration: 80 } } },
    Modal: {
      styles: { title: { fontWeight: 600, fontSize: 15 } },
      defaultProps: {
        lockScroll: false,
        transitionProps: { duration: 100 },
        overlayProps: { backgroundOpacity: 0.35 },
        centered: true,
      },
    },
    // The placeholder that takes the first focus would be a child of the menu that is no item.
    Menu: {
      defaultProps: { transitionProps: { duration: 80 }, shadow: 'md', withInitialFocusPlaceholder: false },
    },
    Popover: { defaultProps: { transitionProps: { duration: 80 } } },
    InputWrapper: {
      vars: () => ({
        label: { '--input-label-size': '13px' },
        description: { '--input-description-size': '11.5px' },
        error: { '--input-error-size': '11.5px' },
      }),
    },
    Input: { vars: () => ({ wrapper: { '--input-height': '28px', '--input-fz': '13px' } }) },
    TextInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: listField },
    Autocomplete: { defaultProps: listField },
    MultiSelect: { defaultProps: listField },
    TagsInput: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Switch: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs', transitionDuration: 80 } },
    Textarea: { defaultProps: { size: 'xs' } },
  },
});

/** Mantine's own surfaces follow the tokens, so that a page has one set of greys. */
const surfaces = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-faint)',
  '--mantine-color-placeholder': 'var(--text-faint)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--border-strong)',
  '--mantine-color-error': 'var(--bad)',
  // Items of menus take this shade in the light and in the dark.
  '--mantine-color-red-6': 'var(--bad)',
  '--mantine-color-anchor': 'var(--accent)',
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: surfaces, dark: surfaces });
