/** The only channels between the page and the shell; everything else goes through the contract. */
export const CHANNELS = {
  openFileDialog: 'falaj:open-file-dialog',
  saveFileDialog: 'falaj:save-file-dialog',
  setAppearance: 'falaj:set-appearance',
} as const;

/** How the shell hands its version to the preload, which may not ask for it. */
export const VERSION_ARGUMENT = '--falaj-version=';
