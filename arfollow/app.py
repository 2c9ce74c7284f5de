"""Assembles the web application: settings, database, subjects."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, current_app, request
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect

from arfollow import config
from arfollow.api.views import api, api_keys
from arfollow.chatter.customers import name_customers
from arfollow.chatter.erasure import register_redactor
from arfollow.chatter.verification.runs import verify_what_is_due
from arfollow.chatter.views import blueprint as chatter
from arfollow.chatter.words import say_by_facts
from arfollow.companies.operations import on_moved
from arfollow.companies.views import blueprint as companies
from arfollow.database import (
    begin_write,
    current_session,
    db,
    engine_options,
    engine_url,
    on_refresh,
    on_refresh_everybody,
)
from arfollow.delivery.fence_views import blueprint as fence
from arfollow.delivery.fence_views import init_fence
from arfollow.delivery.figures import queue_figures
from arfollow.delivery.heads import PURPOSE as HEADS
from arfollow.delivery.heads import HeadsPreparer, send_heads
from arfollow.delivery.heads_views import blueprint as heads
from arfollow.delivery.jobs import register_job
from arfollow.delivery.operations.moving import on_outcome
from arfollow.delivery.protocol import register_preparer
from arfollow.delivery.texts.erasing import erase_texts
from arfollow.delivery.texts.views.gateway import blueprint as gateway
from arfollow.delivery.texts.views.inbox import blueprint as texts
from arfollow.delivery.texts.views.settings import blueprint as text_settings
from arfollow.delivery.views import blueprint as deliveries
from arfollow.delivery.words import SAID as DELIVERIES_SAY
from arfollow.exchange.erasing import without_customer
from arfollow.exchange.uploads.working import work_imports
from arfollow.exchange.views import blueprint as exchange
from arfollow.fence.jobs import Watch
from arfollow.followup.actions.email import PURPOSE, FollowUpPreparer
from arfollow.followup.digest import PURPOSE as DIGEST
from arfollow.followup.digest import DigestPreparer
from arfollow.followup.jobs import bring_up_to_date, send_automatic_emails
from arfollow.followup.operations.refresh import refresh_company, refresh_touched
from arfollow.followup.panels import register_panel
from arfollow.followup.runs.working import RunJob
from arfollow.followup.trials.working import TrialJob
from arfollow.followup.views import blueprint as followup
from arfollow.levels.views import blueprint as levels
from arfollow.portal.views import blueprint as portal
from arfollow.portal.views.links import one_click
from arfollow.profiles.operations import on_change, on_erase
from arfollow.profiles.operations.keys import on_keys
from arfollow.profiles.operations.lists import on_deleted_list, on_use_of_list
from arfollow.profiles.queries.sets import know_kinds
from arfollow.profiles.views import blueprint as profiles
from arfollow.profiles.words import noted_words
from arfollow.receivables.jobs import carry_out_rules
from arfollow.receivables.operations.numbers import forget_numbers, read_numbers
from arfollow.receivables.operations.telling import on_news
from arfollow.receivables.queries.names import names_of_customers
from arfollow.setup.views import blueprint as setup
from arfollow.setup.views.blueprint import first_page, init_setup
from arfollow.statements.letterheads.views import blueprint as letterheads
from arfollow.statements.views import blueprint as statements
from arfollow.users.login import current_locale, current_timezone, init_login
from arfollow.users.starting import register_start
from arfollow.users.views import blueprint as users
from arfollow.web.application import Application
from arfollow.web.errors import init_errors
from arfollow.web.exports import init_exports
from arfollow.web.gallery import blueprint as gallery
from arfollow.web.headers import init_headers
from arfollow.web.input import init_input
from arfollow.web.locale import TRANSLATIONS
from arfollow.web.metrics import on_scrape
from arfollow.web.navigation import init_navigation
from arfollow.web.observing import init_observing
from arfollow.web.probes import blueprint as probes
from arfollow.web.templates import init_templates, init_words, templates_folder
from arfollow.web.transactions import prepares_first
from arfollow.workflows.jobs import leave_erased, wake_by_account, wake_by_profile, work_workflows
from arfollow.workflows.messages.forgetting import forget_notices
from arfollow.workflows.messages.preparer import WorkflowPreparer
from arfollow.workflows.messages.queueing import PURPOSE as WORKFLOW
from arfollow.workflows.operations.campaigns import detach_deleted
from arfollow.workflows.operations.errands import work_errands
from arfollow.workflows.operations.triggering.telling import tell_delivery, tell_ledger
from arfollow.workflows.queries.keys import keys_in_force
from arfollow.workflows.queries.uses import workflows_with_list
from arfollow.workflows.rules.triggers import EVENTS
from arfollow.workflows.surveys.operations import forget_answers
from arfollow.workflows.surveys.views import blueprint as surveys
from arfollow.workflows.views import blueprint as workflows
from arfollow.workflows.views.customer_panel import PANEL as WORKFLOWS_PANEL
from arfollow.workflows.views.dry_run import blueprint as dry_run
from arfollow.workflows.views.enrolled import blueprint as inspector
from arfollow.workflows.words.entries import SAID

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_BLUEPRINTS = (
    probes,
    gallery,
    users,
    companies,
    chatter,
    heads,
    deliveries,
    gateway,
    texts,
    text_settings,
    fence,
    letterheads,
    levels,
    statements,
    followup,
    profiles,
    exchange,
    workflows,
    setup,
    portal,
    surveys,
    api,
    api_keys,
    inspector,
    dry_run,
)


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application for these settings (default: the environment's). The database must have been migrated."""
    settings = settings or config.from_environment()
    app = Application("arfollow", template_folder=str(templates_folder()))
    _configure(app, settings)
    init_observing(app)
    init_templates(app)
    init_headers(app)
    init_errors(app)
    init_navigation(app)
    init_exports(app)
    init_fence(app)
    init_setup(app)
    init_input(app)
    # Before the write transaction: a forged request must not get as far as taking the database's lock.
    csrf = CSRFProtect(app)
    # A mail program posts to it, which has no page of ours; the address itself says who is meant.
    csrf.exempt(one_click)
    # A gateway has no session that could be abused, and signs each of its requests.
    csrf.exempt(gateway)
    # A program has no page that a token could stand in, and no cookie that could be misused: it signs what it sends.
    csrf.exempt(api)
    db.init_app(app)
    app.before_request(_begin_write_unless_reading)
    _introduce()
    init_login(app)
    Babel(app, locale_selector=current_locale, timezone_selector=current_timezone)
    init_words(app)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _configure(app: Flask, settings: config.Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=engine_url(settings.database_url),
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url, settings.connections),
        SESSION_COOKIE_NAME="arfollow",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=32 * 2**20,
        # A page stays open all morning: its token lasts as long as the session.
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_TRANSLATION_DIRECTORIES=str(TRANSLATIONS),
    )


def _introduce() -> None:
    """Tell the lower subjects of the upper ones what they cannot import."""
    name_customers(names_of_customers)
    register_redactor("application/json", without_customer)
    say_by_facts("event:noted", noted_words)
    for tag, words in {**DELIVERIES_SAY, **SAID}.items():
        say_by_facts(tag, words)
    on_refresh(refresh_touched)
    on_refresh_everybody(refresh_company)
    on_refresh(wake_by_account)
    on_change(wake_by_profile)
    on_erase(leave_erased)
    on_erase(forget_answers)
    on_erase(forget_notices)
    on_erase(erase_texts)
    on_use_of_list(workflows_with_list)
    on_keys(keys_in_force)
    on_deleted_list(detach_deleted)
    know_kinds(EVENTS)
    on_news(tell_ledger)
    on_outcome(tell_delivery)
    on_moved(forget_numbers)
    on_scrape(queue_figures)
    register_start(first_page)
    register_panel(WORKFLOWS_PANEL)
    register_preparer(PURPOSE, FollowUpPreparer())
    register_preparer(DIGEST, DigestPreparer())
    register_preparer(WORKFLOW, WorkflowPreparer())
    register_preparer(HEADS, HeadsPreparer())
    register_job("watch the fence", Watch(), every_seconds=3600)
    register_job("send heads outside", send_heads, every_seconds=60)
    register_job("verify the chatter", verify_what_is_due, every_seconds=5)
    register_job("carry out rules of responsibility", carry_out_rules, every_seconds=5)
    register_job("read telephone numbers", read_numbers, every_seconds=5)
    register_job("bring the list up to date", bring_up_to_date, every_seconds=5)
    register_job("work imports", work_imports, every_seconds=1)
    register_job("work bulk runs", RunJob(), every_seconds=1)
    register_job("try plans", TrialJob(), every_seconds=1)
    register_job("work workflows", work_workflows, every_seconds=1)
    register_job("go through workflows", work_errands, every_seconds=1)
    register_job("send automatic e-mails", send_automatic_emails, every_seconds=30)


def _begin_write_unless_reading() -> None:
    """Before anything is read: on SQLite a transaction that began reading cannot start to write."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and request.method not in _READING and not prepares_first(view):
        begin_write(current_session())
