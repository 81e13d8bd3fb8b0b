"""What the OpenAPI document says of a view: read from the classes that do the work."""

from __future__ import annotations

import inspect

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from core.api.questions import CODE


class ErrorAnswer(serializers.Serializer):
    """Every error: a code for programs, a sentence for people, and which parameters were wrong."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields_ = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), required=False
    )

    def get_fields(self):
        fields = super().get_fields()
        return {name.rstrip("_"): field for name, field in fields.items()}


class DocumentedSchema(AutoSchema):
    """Words from the docstring, name and room from the view."""

    def language_parameter(self) -> OpenApiParameter:
        return OpenApiParameter(
            "Accept-Language",
            str,
            OpenApiParameter.HEADER,
            description="`vi` (default) or `en`: the language of sentences.",
        )

    def _is_list_view(self, serializer=None) -> bool:
        return False  # each page and list has an answer of its own

    def get_operation_id(self) -> str:
        return self.view.operation

    def get_summary(self) -> str:
        return inspect.getdoc(self.view).partition("\n")[0].rstrip(".")

    def get_description(self) -> str:
        return inspect.getdoc(self.view).partition("\n")[2].strip()

    def get_tags(self) -> list[str]:
        return [self.view.room]


class PublicSchema(DocumentedSchema):
    """Parameters from ``question_class``, answers from ``answer_class``."""

    def get_override_parameters(self):
        parameters = [self.view.question_class] if self.view.question_class().fields else []
        if "{code}" in self.path:
            parameters.append(
                OpenApiParameter(
                    "code",
                    {"type": "string", "pattern": CODE},
                    OpenApiParameter.PATH,
                    description="Code of the unit (General Statistics Office), leading zeros kept.",
                )
            )
        if "{number}" in self.path:
            parameters.append(
                OpenApiParameter(
                    "number",
                    {"type": "integer", "minimum": 1},
                    OpenApiParameter.PATH,
                    description=self.view.number_words,
                )
            )
        return [*parameters, self.language_parameter()]

    def get_response_serializers(self):
        if hasattr(self.view, "media_type"):
            answer = {(200, self.view.media_type.partition(";")[0]): self.view.file_schema}
        else:
            answer = {200: self.view.answer_class}
        return {
            **answer,
            304: OpenApiResponse(description="Unchanged since the ETag given in If-None-Match."),
            400: OpenApiResponse(ErrorAnswer, description="A parameter is wrong."),
            404: OpenApiResponse(ErrorAnswer, description="There is no such unit, day, edition or page."),
            429: OpenApiResponse(ErrorAnswer, description="Asked too often; see Retry-After."),
        }
