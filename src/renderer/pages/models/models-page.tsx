export function ModelsPage() {
  return <p>Models</p>;
}
