import type { DeviceMessage } from '../../shared/contract/types.ts';

/** Each sentence in English; of those that count something, for one and for many. */
export const DEVICE_TEXTS = {
  quoted: '{{said}}',
  found: ['{{count}} device.', '{{count}} devices.'],
  sysfsElsewhere: 'sysfs is only on Linux.',
  noGraphicsSubsystem: 'The kernel has no graphics subsystem here (no class/drm).',
  cardsOfOthers: [
    '{{count}} graphics node, not of {{vendor}}.',
    '{{count}} graphics nodes, none of {{vendor}}.',
  ],
  noNvidiaDriver: 'There is no NVIDIA driver for {{system}}.',
  noToolForSystem: 'There is no {{tool}} for {{system}}.',
  toolElsewhere: '{{tool}} is only on {{system}}.',
  registryElsewhere: 'The registry is only on Windows.',
  busElsewhere: 'The bus is listed only on Linux.',
  noBus: 'The kernel lists no PCI bus here.',
  busFunctions: ['{{count}} function on the bus.', '{{count}} functions on the bus.'],
  adaptersWithoutCompute: [
    '{{count}} display adapter without compute (virtual or console).',
    '{{count}} display adapters without compute (virtual or console).',
  ],
  controllersWithoutCompute: [
    '{{count}} display adapter, which does not compute.',
    '{{count}} display adapters, none that computes.',
  ],
  otherSystem: 'Another system is described.',
  toolMissing: '{{tool}} is not installed.',
  toolSilent: '{{tool}} did not answer in {{seconds}} s.',
  toolUnreadable: 'The output of {{tool}} is not the expected JSON.',
  toolFoundNone: '{{tool}} found no device.',
  driverFoundNone: 'The driver runs and found no device.',
  systemFoundNone: 'The system lists no graphics device.',
  driverMayHang:
    '{{tool}} did not answer in {{seconds}} s: the driver may hang; restarting the machine helps.',
  moduleNotLoaded:
    '{{said}} The kernel module is not loaded: install the driver again or restart the machine.',
  driverUpdated: '{{said}}. The driver was updated while running: restart the machine.',
  toolEnded: '{{tool}} said nothing and ended with {{end}}.',
  toolKilled: '{{tool}} said nothing and was ended from outside.',
  processesNotListed: '{{tool}} did not list the processes.',
  processesHidden: [
    '{{count}} process of other users may not be looked into: what they use of AMD and Intel devices is not seen.',
    '{{count}} processes of other users may not be looked into: what they use of AMD and Intel devices is not seen.',
  ],
  notTried: 'Not tried yet: start a verification.',
  bundled: 'Bundled; not tried yet.',
  lost: 'It was there before and is lost.',
  split: 'Split into slices: a slice is used, never the whole.',
  hidden: 'Hidden by {{variable}}.',
  trialHung: 'No answer in {{seconds}} s: the driver hangs.',
  trialTooLarge: 'The trial took more than {{gibibytes}} GiB and was ended.',
  trialDied: 'The trial process died ({{end}}).',
  trialUnreadable: 'The trial process printed no usable result.',
  packageMissing: 'The package is not installed.',
  noAdapter: 'No graphics adapter with a working driver.',
  noAdapterLibrary: 'No graphics adapter: {{library}} is not installed.',
  runtimeMissing: "The runtime's files are not installed.",
  runtimeLibraryMissing: "The runtime's files are not installed: {{library}} is missing.",
  noProviderCode: 'The provider has no code for compute capability {{capability}}.',
  productNoNumbers: 'The product of two 256×256 matrices gave values that are not numbers.',
  productDiffers: 'The product of two 256×256 matrices differs from the CPU by {{difference}}.',
  stepNoNumbers: 'A step of a network gave values that are not numbers.',
  stepDiffers: 'A step of a network differs from the CPU by {{difference}}.',
  productComputed:
    'Computed a 256×256 product with {{runtime}} in {{timeMs}} ms; largest difference {{difference}}.',
  productComputedBeside:
    'Computed a 256×256 product with {{runtime}} in {{timeMs}} ms, one CPU thread {{cpuTimeMs}} ms; largest difference {{difference}}.',
  stepLearned:
    'Learned a step of a network on {{adapter}} in {{timeMs}} ms; largest difference {{difference}}.',
  stepLearnedBeside:
    'Learned a step of a network on {{adapter}} in {{timeMs}} ms, one CPU thread {{cpuTimeMs}} ms; largest difference {{difference}}.',
  worksOnOneOf: 'works, but not known on which of {{devices}} devices.',
  softwareOnly: 'Only a software adapter answered ({{adapter}}).',
  softwareNever:
    'A software adapter computes on the processor and is slower than the CPU backend: never offered.',
  noBuild: 'There is no build for {{platform}} {{architecture}}.',
  noNvidiaDevice: 'No NVIDIA device was found.',
  variableHides: '{{name}}={{value}} is set: programs see only the devices that it names.',
  fewerCores: 'Only {{usable}} of {{cores}} cores may be used here (control group or affinity).',
  probesFailed: 'A device may be missing: {{probes}} failed.',
  splitWithoutSlice: '{{device}} is set to be split (MIG) but has no slice: nothing can run on it.',
  cardWithoutCode: '{{device}}: the CUDA provider has no code for compute capability {{capability}}.',
  strayError: 'The kernel log tells of a device at {{address}} that was not found: {{said}}',
  kernelLogElsewhere: 'The log of the kernel is read on Linux only.',
  fileUnreadable: '{{file}} cannot be read ({{error}}).',
  noJournal: 'There is no journal.',
  journalEmpty: 'The journal shows nothing of the kernel to this user.',
  allowKernelLog:
    'Let this user read it: sudo usermod -aG systemd-journal,adm "$USER" and sign in again, or sudo sysctl kernel.dmesg_restrict=0.',
} as const satisfies Readonly<Record<DeviceMessage['code'], string | readonly [string, string]>>;

/** A sentence about a device with its values. */
export function deviceMessage(
  code: DeviceMessage['code'],
  values: DeviceMessage['values'] = {},
): DeviceMessage {
  const texts: string | readonly [string, string] = DEVICE_TEXTS[code];
  const template = typeof texts === 'string' ? texts : texts[values['count'] === 1 ? 0 : 1];
  const text = template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
  return { code, about: null, values, text };
}

/** Words of others, which nobody translates. */
export const quoted = (said: string): DeviceMessage => deviceMessage('quoted', { said });

/** What messages say, in English, for scripts and the command line. */
export const englishText = (messages: readonly DeviceMessage[]): string =>
  messages.map(({ about, text }) => (about === null ? text : `${about}: ${text}`)).join(' ');
