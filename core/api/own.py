"""How the API answers one person about the own area: with the session, never kept, never to another site."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import Permission, permission_class
from core.api.answers import ApiView
from core.api.questions import Question
from core.api.schema import ErrorAnswer, PublicSchema
from core.models import User


class OwnSchema(PublicSchema):
    def get_response_serializers(self):
        public = super().get_response_serializers()
        return {
            **{status: said for status, said in public.items() if status != 304},
            403: OpenApiResponse(ErrorAnswer, description="Not logged in, or without a grant for this."),
        }


class OwnView(ApiView):
    """A GET of what a person sees of the areas of their grants. A subclass names the ``permission``, says
    what may be asked and what is answered, and narrows its rows by ``for_user``."""

    http_method_names = ["get", "head"]
    schema = OwnSchema()
    authentication_classes = [SessionAuthentication]
    question_class: type[Question] = Question
    answer_class: type[serializers.Serializer]
    permission: Permission

    def get_permissions(self) -> list:
        return [permission_class(self.permission)()]

    def initial(self, request: Request, *args, **kwargs) -> None:
        if request.method.lower() not in self.http_method_names:  # whoever asks
            raise MethodNotAllowed(request.method)
        super().initial(request, *args, **kwargs)

    def answer(self, asked: dict, *, user: User, on: date, **address: str):
        """What ``answer_class`` serializes, of the areas over which ``user`` holds the permission."""
        raise NotImplementedError

    def get(self, request: Request, **address: str) -> Response:
        asked = self.question_class.read(request.query_params)
        told = self.answer(asked, user=request.user, on=timezone.localdate(), **address)
        return Response(self.answer_class(told).data)

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        del response["Access-Control-Allow-Origin"]
        response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["Cookie"])
        return response
