/** The tag in which a failed run of the engine's own keeps why: the error's code and message. */
export const RUN_ERROR_TAG = 'falaj.error';
