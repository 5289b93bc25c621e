export { type OpenedAdapter, openAdapter } from './open-adapter.ts';
export { type AdapterFacts, adapterName, softwareDriver } from './software-adapter.ts';
