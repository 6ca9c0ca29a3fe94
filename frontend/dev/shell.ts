import type { Plugin } from 'vite'

/** Whoever administers or watches the desk does so with a network. */
const LATER = /\/features\/(?:admin|monitor|wallboard)\//

/** Lists what the page needs without a network, as `shell.json`: all that agents open, whether or not they have opened it yet. */
export function shellList(): Plugin {
  return {
    name: 'shell-list',
    apply: 'build',
    generateBundle(_, bundle) {
      const needed = new Set<string>()
      const take = (name: string): void => {
        const chunk = bundle[name]
        if (chunk?.type !== 'chunk' || needed.has(name) || LATER.test(chunk.facadeModuleId ?? '')) return
        needed.add(name)
        for (const style of chunk.viteMetadata?.importedCss ?? []) needed.add(style)
        for (const other of [...chunk.imports, ...chunk.dynamicImports]) take(other)
      }
      // Pages apart, as the one about the API, are not the desk's.
      for (const [name, chunk] of Object.entries(bundle)) {
        if (chunk.type === 'chunk' && chunk.isEntry && chunk.name === 'index') take(name)
      }
      this.emitFile({ type: 'asset', fileName: 'shell.json', source: JSON.stringify([...needed].sort().map(name => `/${name}`)) })
    },
  }
}
