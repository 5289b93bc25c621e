export { type Comparison, compareTrainers } from './compare-trainers.ts';
export { type OpenedAdapter, openAdapter } from './open-adapter.ts';
export { learnProbeNetwork } from './probe-network.ts';
export { type AdapterFacts, adapterName, softwareDriver } from './software-adapter.ts';
