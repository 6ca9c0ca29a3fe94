import antfu from '@antfu/eslint-config'

/** The layers of src, top to bottom; an import may only go down. `ui` stands beside them. */
const LAYERS = [
  'features',
  'realtime',
  'composables',
  'stores',
  'api',
]

function mayNotImport(...names) {
  return {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: names.map(name => `@/${name}/**`),
            message: 'An import may only go down: features › realtime › composables › stores › api; ui beside them.',
          },
        ],
      },
    ],
  }
}

export default antfu(
  {
    vue: true,
    typescript: true,
    jsonc: false,
    yaml: false,
    markdown: false,
    toml: false,
    ignores: [
      'src/api/schema.ts',
      'src/components.d.ts',
      'openapi.json',
      'public/theme.js',
    ],
    rules: {
      'antfu/reasonable-newline': 'off',
      'antfu/if-newline': 'off', // a guard is one line
      'antfu/top-level-function': 'off', // the api's one-liners are arrows
      'style/max-statements-per-line': [
        'error',
        { max: 2 },
      ],
      'vue/max-attributes-per-line': 'off',
      'node/prefer-global/process': 'off',
      'no-console': 'error',
      'ts/no-explicit-any': 'error',
      'vue/no-v-html': 'error', // what a customer wrote is never HTML
    },
  },
  ...LAYERS.map((layer, at) => ({
    files: [`src/${layer}/**`],
    ignores: ['**/*.test.ts'],
    rules: mayNotImport(...LAYERS.slice(0, at), ...(layer === 'features'
      ? ['features']
      : [])),
  })),
  {
    files: ['src/ui/**'],
    ignores: ['**/*.test.ts'],
    rules: mayNotImport(...LAYERS),
  },
)
