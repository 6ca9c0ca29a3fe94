import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import 'swagger-ui-dist/swagger-ui.css'
import '../styles/tokens.css'
import './page.css'

/**
 * The API's description, to read and to try: a page of its own, which nobody has to be signed in for. What only
 * reads can be asked with a token, which stays in the page's memory; whoever is signed in is not asked for.
 */
type Allows = (state: unknown, path: string, method: string) => boolean

/** Never answered to the end: nothing would be shown. */
const ENDLESS = ['/api/stream']

const { documentElement } = document
documentElement.lang = 'en' // whatever language the desk is read in
documentElement.classList.toggle('dark-mode', documentElement.classList.contains('dark'))

SwaggerUI({
  url: '/api/openapi.json',
  domNode: document.getElementById('api'),
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: -1,
  filter: true,
  supportedSubmitMethods: ['get'],
  persistAuthorization: false,
  requestInterceptor: (request: RequestInit) => ({ ...request, credentials: 'omit' }),
  plugins: [{
    statePlugins: { spec: { wrapSelectors: { allowTryItOutFor: (allows: Allows) => (state: unknown, path: string, method: string) => !ENDLESS.includes(path) && allows(state, path, method) } } },
  }],
  validatorUrl: null,
})
