// Shows the OpenAPI document named by the page. Nothing is asked of another origin.
const place = document.querySelector("[data-api-docs]");
window.SwaggerUIBundle({
  url: place.dataset.apiDocs,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  supportedSubmitMethods: ["get", "head"],
  validatorUrl: null,
});
