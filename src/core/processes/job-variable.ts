/** Names the job in the environment of all that its program starts. */
export const JOB_VARIABLE = 'FALAJ_JOB_ID';
