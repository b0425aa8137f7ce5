// Starts the page. What fails to start says so.

/** Shows why the page cannot start. @param {unknown} error */
function failed(error) {
  const place = document.getElementById('failure')
  if (!place) return
  const isWebAssembly = typeof WebAssembly !== 'object' || /** @type {{ code?: unknown }} */ (error)?.code === 'ERR_SANDGATE_NO_WASM'
  const cause = error instanceof Error ? error.message : String(error)
  place.textContent = isWebAssembly
    ? `This page could not start WebAssembly, which it reads and verifies with: ${cause}`
    : `This page could not start: ${cause}`
  place.hidden = false
}

// Imported late, so that an error of the import is caught.
import('./dom/page.js').then((page) => page.start()).catch(failed)
