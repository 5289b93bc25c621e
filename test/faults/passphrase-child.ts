// Changes the passphrase of a workspace. A fault test kills it at one of the steps that make the change durable.
import { FLOOR_COST, unlockVault } from '../../src/core/vault/index.ts';

const [folder, current, next] = process.argv.slice(2);
const vault = await unlockVault({ folder: folder!, secret: { passphrase: current! }, cost: FLOOR_COST });
await vault.changePassphrase({ current: { passphrase: current! }, next: next! });
vault.close();
