/** What was measured of the machine and a program while it ran, beside the figures that the program logs. */
export const isLoadMetric = (metric: string): boolean => metric.startsWith('system/');
