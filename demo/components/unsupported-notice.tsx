/** What a browser that cannot take part is told. */

export function UnsupportedNotice({ sentences }: { readonly sentences: readonly string[] }) {
  return (
    <main class="unsupported" id="main">
      <p class="wordmark">Peersea</p>
      <h1>This browser cannot join the sea</h1>
      {sentences.map(sentence => (
        <p key={sentence} role="alert">
          {sentence}
        </p>
      ))}
    </main>
  );
}
