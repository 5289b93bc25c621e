import { auditRouter } from './audit.ts';
import { connectionsRouter } from './connections.ts';
import { dataRouter } from './data.ts';
import { demoRouter } from './demo.ts';
import { devicesRouter } from './devices.ts';
import { implementContract } from './domain-builder.ts';
import { featuresRouter } from './features.ts';
import { jobsRouter } from './jobs.ts';
import { lineageRouter } from './lineage.ts';
import { liveRouter } from './live.ts';
import { modelsRouter } from './models.ts';
import { monitoringRouter } from './monitoring.ts';
import type { RoutedEngine } from './routed-engine.ts';
import { runsRouter } from './runs.ts';
import { scriptsRouter } from './scripts.ts';
import { tokensRouter } from './tokens.ts';
import { trainingRouter } from './training.ts';
import { workspaceRouter } from './workspace.ts';

export type { CallContext, Reader } from './call-context.ts';
export { toPublicError } from './public-error.ts';
export type { RoutedEngine } from './routed-engine.ts';

/** The contract carried out by an engine. `report` hears of errors that nobody expected. */
export function createRouter(engine: RoutedEngine, report: (error: unknown) => void) {
  const builder = implementContract(report);
  return builder.router({
    workspace: workspaceRouter(builder, engine),
    devices: devicesRouter(builder, engine),
    jobs: jobsRouter(builder, engine),
    data: dataRouter(builder, engine),
    connections: connectionsRouter(builder, engine),
    features: featuresRouter(builder, engine),
    training: trainingRouter(builder, engine),
    runs: runsRouter(builder, engine),
    scripts: scriptsRouter(builder, engine),
    models: modelsRouter(builder, engine),
    lineage: lineageRouter(builder, engine),
    monitoring: monitoringRouter(builder, engine),
    tokens: tokensRouter(builder, engine),
    audit: auditRouter(builder, engine),
    demo: demoRouter(builder, engine),
    live: liveRouter(builder, engine),
  });
}

export type EngineRouter = ReturnType<typeof createRouter>;
