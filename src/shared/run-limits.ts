/** As many runs as one comparison takes. */
export const MOST_COMPARED = 200;
