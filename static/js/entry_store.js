/* What is typed and not saved yet, kept by the browser: it outlives a lost connection, a reload, a restart. */

/** Rows kept under `key`, by code; `{values, version, entry, tried}` each. A browser that keeps nothing is no fault. */
export function openStore(key) {
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? {};
    } catch {
      return {};
    }
  };
  const write = (rows) => {
    try {
      if (Object.keys(rows).length) localStorage.setItem(key, JSON.stringify(rows));
      else localStorage.removeItem(key);
    } catch {
      // Full, or switched off: what is typed still stands on the page.
    }
  };
  return {
    all: read,
    keep: (code, row) => write({ ...read(), [code]: row }),
    drop(code) {
      const rows = read();
      delete rows[code];
      write(rows);
    },
  };
}
