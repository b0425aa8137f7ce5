// Starts the page. What fails to start says so.

/** The page as it stands is not to be used. @param {unknown} error */
function failed(error) {
  const place = document.getElementById('failure')
  if (!place) return
  const isWebAssembly = typeof WebAssembly !== 'object' || error instanceof WebAssembly.CompileError || error instanceof EvalError
  const cause = error instanceof Error ? error.message : String(error)
  place.textContent = isWebAssembly
    ? `This page could not start WebAssembly, which it reads and verifies with: ${cause}`
    : `This page could not start: ${cause}`
  place.hidden = false
}

// Imported late, so that an error of the import is caught.
import('./dom/page.js').then((page) => page.start()).catch(failed)
