import type { GpuMemory } from './gpu-memory.ts';
import { type ShapeSettings, shapeBytes } from './settings.ts';

/** A kernel with what it works on, ready to be run for a batch of any number of rows. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  groups(rows: number): readonly [x: number, y: number];
}

export interface KernelUse {
  readonly code: string;
  readonly shape: ShapeSettings;
  /** By their binding; 0 and 7 are the settings. */
  readonly buffers: Readonly<Record<number, GPUBuffer>>;
  groups(rows: number): readonly [x: number, y: number];
}

const SETTINGS_BINDINGS = [0, 7] as const;

/** Makes dispatches of one network; a kernel that several layers use is compiled once. */
export class Dispatcher {
  readonly #memory: GpuMemory;
  readonly #step: GPUBuffer;
  readonly #pipelines = new Map<string, GPUComputePipeline>();

  constructor(memory: GpuMemory, step: GPUBuffer) {
    this.#memory = memory;
    this.#step = step;
  }

  make({ code, shape, buffers, groups }: KernelUse): Dispatch {
    const { device } = this.#memory;
    const pipeline = this.#pipeline(code);
    const settings = [this.#step, this.#memory.uniform(shapeBytes(shape))];
    const entries = [
      ...SETTINGS_BINDINGS.map((binding, index) => ({ binding, resource: { buffer: settings[index]! } })),
      ...Object.entries(buffers).map(([binding, buffer]) => ({
        binding: Number(binding),
        resource: { buffer },
      })),
    ];
    return {
      pipeline,
      bindings: device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }),
      groups,
    };
  }

  #pipeline(code: string): GPUComputePipeline {
    const known = this.#pipelines.get(code);
    if (known !== undefined) return known;
    const { device } = this.#memory;
    const made = device.createComputePipeline({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code }), entryPoint: 'main' },
    });
    this.#pipelines.set(code, made);
    return made;
  }
}

/** Runs dispatches in their order, as one submission. */
export function submit(device: GPUDevice, dispatches: readonly Dispatch[], rows: number): void {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (const { pipeline, bindings, groups } of dispatches) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    pass.dispatchWorkgroups(...groups(rows));
  }
  pass.end();
  device.queue.submit([encoder.finish()]);
}
