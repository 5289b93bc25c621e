import { Product, until } from '../../faults/engine-support/product.ts';

/** A workspace whose door is open, and what points MLflow's client at it. */
export async function openTrackedProduct(
  name: string,
): Promise<{ readonly product: Product; readonly environment: NodeJS.ProcessEnv }> {
  const product = new Product();
  await product.succeed(['init', '--name', name, '--quiet']);
  let said = '';
  const { child } = product.start(['up', '--port', '0', '--json']);
  child.stdout!.on('data', (text: string) => (said += text));
  await until(() => said.trimEnd().endsWith('}'));
  const created = await product.succeed(['token', 'create', '--scope', 'mlflow', '--json']);
  const environment = {
    ...product.environment,
    MLFLOW_TRACKING_URI: (JSON.parse(said) as { url: string }).url,
    MLFLOW_TRACKING_TOKEN: (JSON.parse(created) as { token: string }).token,
    MLFLOW_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: 'true',
    PYTHONWARNINGS: 'ignore',
  };
  return { product, environment };
}
