export function DriftPage() {
  return <p>Drift</p>;
}
