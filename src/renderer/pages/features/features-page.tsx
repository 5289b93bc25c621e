export function FeaturesPage() {
  return <p>Features</p>;
}
