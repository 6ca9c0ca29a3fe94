import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import 'swagger-ui-dist/swagger-ui.css'
import '../styles/tokens.css'
import './page.css'

/** The API's description, to read: a page of its own, which nobody has to be signed in for. */
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
  supportedSubmitMethods: [],
  validatorUrl: null,
})
