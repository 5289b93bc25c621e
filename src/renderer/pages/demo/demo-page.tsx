export function DemoPage() {
  return <p>Demo</p>;
}
