"""Static files of production: named by their content, imports between modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Rewrites ``import … from "./x.js"`` as well, so that a module is fetched once and under its hash."""

    support_js_module_import_aggregation = True
