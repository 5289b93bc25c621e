/** The mark: one channel that parts into two fields. */
export function FalajMark({ className }: { readonly className?: string | undefined }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden>
      <rect width="32" height="32" rx="7" fill="#0f766e" />
      <path
        d="M6 10h9c4 0 4 5 8 5h3M6 16h6c4 0 4 6 9 6h5"
        fill="none"
        stroke="#fff"
        strokeWidth="2.4"
        strokeLinecap="round"
      />
    </svg>
  );
}
