import { auditContract } from './audit.ts';
import { connectionsContract } from './connections.ts';
import { dataContract } from './data.ts';
import { demoContract } from './demo.ts';
import { devicesContract } from './devices.ts';
import { featuresContract } from './features.ts';
import { jobsContract } from './jobs.ts';
import { lineageContract } from './lineage.ts';
import { liveContract } from './live.ts';
import { modelsContract } from './models.ts';
import { monitoringContract } from './monitoring.ts';
import { runsContract } from './runs.ts';
import { scriptsContract } from './scripts.ts';
import { tokensContract } from './tokens.ts';
import { trainingContract } from './training.ts';
import { workspaceContract } from './workspace.ts';

/** Everything an engine can be asked, one map per domain. Hosts implement it, screens and commands call it. */
export const contract = {
  workspace: workspaceContract,
  devices: devicesContract,
  jobs: jobsContract,
  data: dataContract,
  connections: connectionsContract,
  features: featuresContract,
  training: trainingContract,
  runs: runsContract,
  scripts: scriptsContract,
  models: modelsContract,
  lineage: lineageContract,
  monitoring: monitoringContract,
  tokens: tokensContract,
  audit: auditContract,
  demo: demoContract,
  live: liveContract,
};

export type Contract = typeof contract;
