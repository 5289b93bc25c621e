export function JobsPage() {
  return <p>Jobs</p>;
}
