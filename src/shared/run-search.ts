/** Tags by which a search and its trials are known. */
export const SEARCH_TAG = 'falaj.tuning';
export const TRIAL_TAG = 'falaj.trial';
/** Of a trial: the search that it belongs to, which an attempt that comes later may go on with. */
export const SEARCH_KEY_TAG = 'falaj.search';
/** Of a search: what its trials read, as JSON. */
export const INPUTS_TAG = 'falaj.inputs';
export const PRUNED_TAG = 'falaj.pruned';
/** What a trial measured on each fold, in order, as JSON. */
export const FOLDS_TAG = 'falaj.folds';
/** The tag by which MLflow's clients nest runs. */
export const PARENT_TAG = 'mlflow.parentRunId';
/** Number of the trial whose settings the kept model has. */
export const KEPT_TAG = 'falaj.kept';
