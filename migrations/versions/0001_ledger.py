"""The ledger, plans, follow-ups and the outbox"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "companies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("vat", sa.String(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_media_type", sa.String(), nullable=False),
        sa.Column("footer", sa.String(), nullable=False),
        sa.Column("tolerances", sa.JSON(), nullable=False),
        sa.Column("bucket_days", sa.JSON(), nullable=False),
        sa.Column("import_limit_days", sa.Integer(), nullable=False),
        sa.Column("promise_limit_days", sa.Integer(), nullable=False),
        sa.Column("imported_on", sa.Date(), nullable=True),
        sa.Column("auditor_email", sa.String(), nullable=False),
        sa.Column("automatic_hour", sa.Integer(), nullable=False),
        sa.Column("digest_email", sa.String(), nullable=False),
        sa.Column("automatic_stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("automatic_stopped_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
    )
    op.create_table(
        "fence",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("server", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.Column("confirmed_because", sa.String(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_because", sa.String(length=16), nullable=False),
        sa.Column("backed_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fence")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(
        op.f("ix_sign_in_failures_address_at"), "sign_in_failures", ["address", "at"], unique=False
    )
    op.create_index(op.f("ix_sign_in_failures_email_at"), "sign_in_failures", ["email", "at"], unique=False)
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("session_key", sa.String(), nullable=False),
        sa.Column("one_time_password", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "automatic_days",
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_automatic_days_company_id")),
        sa.PrimaryKeyConstraint("company_id", "day", name=op.f("pk_automatic_days")),
    )
    op.create_table(
        "bank_accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("bank", sa.String(), nullable=False),
        sa.Column("iban", sa.String(), nullable=False),
        sa.Column("bic", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_bank_accounts_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_accounts")),
    )
    op.create_index(op.f("ix_bank_accounts_company_id"), "bank_accounts", ["company_id"], unique=False)
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("vat", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_customers_company_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["customers.id"], name=op.f("fk_customers_parent_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["users.id"], name=op.f("fk_customers_responsible_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("company_id", "number", name=op.f("uq_customers_company_id_number")),
    )
    op.create_index(op.f("ix_customers_company_id_name"), "customers", ["company_id", "name"], unique=False)
    op.create_index(op.f("ix_customers_parent_id"), "customers", ["parent_id"], unique=False)
    op.create_index(op.f("ix_customers_responsible_id"), "customers", ["responsible_id"], unique=False)
    op.create_table(
        "ledger_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("summary", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_ledger_imports_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_imports")),
    )
    op.create_index(op.f("ix_ledger_imports_company_id"), "ledger_imports", ["company_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_memberships_company_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id")),
        sa.PrimaryKeyConstraint("user_id", "company_id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_company_id"), "memberships", ["company_id"], unique=False)
    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("pace", sa.String(length=8), nullable=False),
        sa.Column("minimum_amounts", sa.JSON(), nullable=False),
        sa.Column("contact_gap_days", sa.Integer(), nullable=False),
        sa.Column("repeat_last_after_days", sa.Integer(), nullable=True),
        sa.Column("review_after_days", sa.Integer(), nullable=True),
        sa.Column("promise_grace_days", sa.Integer(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_plans_company_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("company_id", "name", name=op.f("uq_plans_company_id_name")),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("city", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_contacts_company_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_contacts_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_customer_id"), "contacts", ["customer_id"], unique=False)
    op.create_table(
        "credits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("reversed_on", sa.Date(), nullable=True),
        sa.Column("used_up_on", sa.Date(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_credits_amount")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_credits_company_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_credits_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credits")),
        sa.UniqueConstraint("company_id", "kind", "number", name=op.f("uq_credits_company_id_kind_number")),
    )
    op.create_index(
        op.f("ix_credits_company_id_used_up_on"), "credits", ["company_id", "used_up_on"], unique=False
    )
    op.create_index(
        op.f("ix_credits_customer_id_used_up_on"), "credits", ["customer_id", "used_up_on"], unique=False
    )
    op.create_table(
        "customer_states",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("snoozed_on", sa.Date(), nullable=True),
        sa.Column("manual_on", sa.Date(), nullable=True),
        sa.Column("last_done_on", sa.Date(), nullable=True),
        sa.Column("last_deadline_days", sa.Integer(), nullable=False),
        sa.Column("last_message_on", sa.Date(), nullable=True),
        sa.Column("last_contact_on", sa.Date(), nullable=True),
        sa.Column("last_contact_kind", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_customer_states_company_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_states_customer_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_states")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("queued_by", sa.String(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("outgoing", sa.JSON(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_deliveries_company_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_deliveries_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
    )
    op.create_index(
        op.f("ix_deliveries_company_id_state"), "deliveries", ["company_id", "state"], unique=False
    )
    op.create_index(
        op.f("ix_deliveries_customer_id_state"), "deliveries", ["customer_id", "state"], unique=False
    )
    op.create_index(
        op.f("ix_deliveries_state_next_attempt_at"), "deliveries", ["state", "next_attempt_at"], unique=False
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_invoices_company_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_invoices_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("company_id", "number", name=op.f("uq_invoices_company_id_number")),
    )
    op.create_index(op.f("ix_invoices_customer_id"), "invoices", ["customer_id"], unique=False)
    op.create_table(
        "levels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("timing", sa.String(length=20), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("deadline_days", sa.Integer(), nullable=False),
        sa.Column("actions", sa.JSON(), nullable=False),
        sa.Column("attach_statement", sa.Boolean(), nullable=False),
        sa.Column("email_automatic", sa.Boolean(), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_levels_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_levels")),
    )
    op.create_index(op.f("ix_levels_plan_id"), "levels", ["plan_id"], unique=False)
    op.create_table(
        "plan_assignments",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_plan_assignments_customer_id")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_assignments_plan_id")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_plan_assignments")),
    )
    op.create_index(op.f("ix_plan_assignments_plan_id"), "plan_assignments", ["plan_id"], unique=False)
    op.create_table(
        "presences",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_presences_customer_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_presences_user_id")),
        sa.PrimaryKeyConstraint("customer_id", "user_id", name=op.f("pk_presences")),
    )
    op.create_table(
        "promises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_promises_company_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_promises_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    op.create_index(op.f("ix_promises_customer_id"), "promises", ["customer_id"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["assignee_id"], ["users.id"], name=op.f("fk_tasks_assignee_id")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_tasks_company_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_tasks_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(
        op.f("ix_tasks_company_id_state_due_on"), "tasks", ["company_id", "state", "due_on"], unique=False
    )
    op.create_index(
        op.f("ix_tasks_customer_id_state_due_on"), "tasks", ["customer_id", "state", "due_on"], unique=False
    )
    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("last_action_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_follow_ups_company_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_follow_ups_customer_id")),
        sa.ForeignKeyConstraint(["level_id"], ["levels.id"], name=op.f("fk_follow_ups_level_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("customer_id", "number", name=op.f("uq_follow_ups_customer_id_number")),
    )
    op.create_index(
        op.f("ix_follow_ups_company_id_done_on"), "follow_ups", ["company_id", "done_on"], unique=False
    )
    op.create_table(
        "instalments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_instalments_amount")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_instalments_company_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_instalments_customer_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_instalments_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalments")),
        sa.UniqueConstraint("invoice_id", "number", name=op.f("uq_instalments_invoice_id_number")),
    )
    op.create_index(
        op.f("ix_instalments_company_id_settled_on"),
        "instalments",
        ["company_id", "settled_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_instalments_customer_id_settled_on"),
        "instalments",
        ["customer_id", "settled_on"],
        unique=False,
    )
    op.create_table(
        "list_rows",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("has_overdue", sa.Boolean(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("actions", sa.JSON(), nullable=False),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("next_key", sa.Date(), nullable=False),
        sa.Column("oldest_due_on", sa.Date(), nullable=True),
        sa.Column("due_key", sa.Date(), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("changes_on", sa.Date(), nullable=True),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_list_rows_company_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_list_rows_customer_id")),
        sa.ForeignKeyConstraint(["level_id"], ["levels.id"], name=op.f("fk_list_rows_level_id")),
        sa.ForeignKeyConstraint(["responsible_id"], ["users.id"], name=op.f("fk_list_rows_responsible_id")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_list_rows")),
    )
    op.create_index(
        "ix_list_rows_action_band",
        "list_rows",
        ["company_id", "status", "band", "due_key", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_list_rows_action_due",
        "list_rows",
        ["company_id", "status", "due_key", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_list_rows_action_name",
        "list_rows",
        ["company_id", "status", "name_key", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_list_rows_all_due", "list_rows", ["company_id", "due_key", "customer_id"], unique=False
    )
    op.create_index(
        "ix_list_rows_all_name", "list_rows", ["company_id", "name_key", "customer_id"], unique=False
    )
    op.create_index(
        "ix_list_rows_all_next", "list_rows", ["company_id", "next_key", "customer_id"], unique=False
    )
    op.create_index("ix_list_rows_changes_on", "list_rows", ["company_id", "changes_on"], unique=False)
    op.create_index(
        "ix_list_rows_overdue_due",
        "list_rows",
        ["company_id", "has_overdue", "due_key", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_list_rows_overdue_name",
        "list_rows",
        ["company_id", "has_overdue", "name_key", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_list_rows_overdue_next",
        "list_rows",
        ["company_id", "has_overdue", "next_key", "customer_id"],
        unique=False,
    )
    op.create_index("ix_list_rows_stale", "list_rows", ["company_id", "stale"], unique=False)
    op.create_table(
        "wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("email_subject", sa.String(), nullable=False),
        sa.Column("email_body", sa.String(), nullable=False),
        sa.Column("letter_title", sa.String(), nullable=False),
        sa.Column("letter_body", sa.String(), nullable=False),
        sa.Column("todo", sa.String(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["level_id"], ["levels.id"], name=op.f("fk_wordings_level_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wordings")),
        sa.UniqueConstraint(
            "level_id", "language", "version", name=op.f("uq_wordings_level_id_language_version")
        ),
    )
    op.create_table(
        "allocations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("credit_id", sa.Integer(), nullable=False),
        sa.Column("instalment_id", sa.Integer(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_allocations_amount")),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_allocations_company_id")),
        sa.ForeignKeyConstraint(["credit_id"], ["credits.id"], name=op.f("fk_allocations_credit_id")),
        sa.ForeignKeyConstraint(
            ["instalment_id"], ["instalments.id"], name=op.f("fk_allocations_instalment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocations")),
    )
    op.create_index(op.f("ix_allocations_credit_id"), "allocations", ["credit_id"], unique=False)
    op.create_index(op.f("ix_allocations_instalment_id"), "allocations", ["instalment_id"], unique=False)
    op.create_table(
        "disputes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("instalment_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_disputes_company_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_disputes_customer_id")),
        sa.ForeignKeyConstraint(
            ["instalment_id"], ["instalments.id"], name=op.f("fk_disputes_instalment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index(op.f("ix_disputes_customer_id"), "disputes", ["customer_id"], unique=False)
    op.create_table(
        "follow_up_items",
        sa.Column("follow_up_id", sa.Integer(), nullable=False),
        sa.Column("instalment_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_ups.id"], name=op.f("fk_follow_up_items_follow_up_id")
        ),
        sa.ForeignKeyConstraint(
            ["instalment_id"], ["instalments.id"], name=op.f("fk_follow_up_items_instalment_id")
        ),
        sa.ForeignKeyConstraint(["level_id"], ["levels.id"], name=op.f("fk_follow_up_items_level_id")),
        sa.PrimaryKeyConstraint("follow_up_id", "instalment_id", name=op.f("pk_follow_up_items")),
    )
    op.create_index(op.f("ix_follow_up_items_level_id"), "follow_up_items", ["level_id"], unique=False)
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("instalment_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_holds_company_id")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_holds_customer_id")),
        sa.ForeignKeyConstraint(["instalment_id"], ["instalments.id"], name=op.f("fk_holds_instalment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_customer_id"), "holds", ["customer_id"], unique=False)
    op.create_table(
        "item_places",
        sa.Column("instalment_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=False),
        sa.Column("followed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_item_places_customer_id")),
        sa.ForeignKeyConstraint(
            ["instalment_id"], ["instalments.id"], name=op.f("fk_item_places_instalment_id")
        ),
        sa.ForeignKeyConstraint(["level_id"], ["levels.id"], name=op.f("fk_item_places_level_id")),
        sa.PrimaryKeyConstraint("instalment_id", name=op.f("pk_item_places")),
    )
    op.create_index(op.f("ix_item_places_customer_id"), "item_places", ["customer_id"], unique=False)
    op.create_index(op.f("ix_item_places_level_id"), "item_places", ["level_id"], unique=False)
    op.create_table(
        "list_amounts",
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("overdue", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("unapplied", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["companies.id"], name=op.f("fk_list_amounts_company_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["list_rows.customer_id"], name=op.f("fk_list_amounts_customer_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", "currency", name=op.f("pk_list_amounts")),
    )
    op.create_index(
        "ix_list_amounts_action_overdue",
        "list_amounts",
        ["company_id", "status", "currency", "overdue", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_list_amounts_action_total",
        "list_amounts",
        ["company_id", "status", "currency", "total", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_list_amounts_overdue",
        "list_amounts",
        ["company_id", "currency", "overdue", "customer_id"],
        unique=False,
    )
    op.create_index(
        "ix_list_amounts_total",
        "list_amounts",
        ["company_id", "currency", "total", "customer_id"],
        unique=False,
    )
    op.create_table(
        "promise_items",
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("instalment_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instalment_id"], ["instalments.id"], name=op.f("fk_promise_items_instalment_id")
        ),
        sa.ForeignKeyConstraint(["promise_id"], ["promises.id"], name=op.f("fk_promise_items_promise_id")),
        sa.PrimaryKeyConstraint("promise_id", "instalment_id", name=op.f("pk_promise_items")),
    )
    op.create_index(op.f("ix_promise_items_instalment_id"), "promise_items", ["instalment_id"], unique=False)
    op.create_table(
        "recorded_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("follow_up_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("level_id", sa.Integer(), nullable=True),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_recorded_actions_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_recorded_actions_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_recorded_actions_delivery_id")
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["follow_ups.id"], name=op.f("fk_recorded_actions_follow_up_id")
        ),
        sa.ForeignKeyConstraint(["level_id"], ["levels.id"], name=op.f("fk_recorded_actions_level_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_actions")),
    )
    op.create_index(
        op.f("ix_recorded_actions_company_id_kind_posted_on"),
        "recorded_actions",
        ["company_id", "kind", "posted_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_recorded_actions_customer_id_recorded_on"),
        "recorded_actions",
        ["customer_id", "recorded_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_recorded_actions_follow_up_id"), "recorded_actions", ["follow_up_id"], unique=False
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index(op.f("ix_recorded_actions_follow_up_id"), table_name="recorded_actions")
    op.drop_index(op.f("ix_recorded_actions_customer_id_recorded_on"), table_name="recorded_actions")
    op.drop_index(op.f("ix_recorded_actions_company_id_kind_posted_on"), table_name="recorded_actions")
    op.drop_table("recorded_actions")
    op.drop_index(op.f("ix_promise_items_instalment_id"), table_name="promise_items")
    op.drop_table("promise_items")
    op.drop_index("ix_list_amounts_total", table_name="list_amounts")
    op.drop_index("ix_list_amounts_overdue", table_name="list_amounts")
    op.drop_index("ix_list_amounts_action_total", table_name="list_amounts")
    op.drop_index("ix_list_amounts_action_overdue", table_name="list_amounts")
    op.drop_table("list_amounts")
    op.drop_index(op.f("ix_item_places_level_id"), table_name="item_places")
    op.drop_index(op.f("ix_item_places_customer_id"), table_name="item_places")
    op.drop_table("item_places")
    op.drop_index(op.f("ix_holds_customer_id"), table_name="holds")
    op.drop_table("holds")
    op.drop_index(op.f("ix_follow_up_items_level_id"), table_name="follow_up_items")
    op.drop_table("follow_up_items")
    op.drop_index(op.f("ix_disputes_customer_id"), table_name="disputes")
    op.drop_table("disputes")
    op.drop_index(op.f("ix_allocations_instalment_id"), table_name="allocations")
    op.drop_index(op.f("ix_allocations_credit_id"), table_name="allocations")
    op.drop_table("allocations")
    op.drop_table("wordings")
    op.drop_index("ix_list_rows_stale", table_name="list_rows")
    op.drop_index("ix_list_rows_overdue_next", table_name="list_rows")
    op.drop_index("ix_list_rows_overdue_name", table_name="list_rows")
    op.drop_index("ix_list_rows_overdue_due", table_name="list_rows")
    op.drop_index("ix_list_rows_changes_on", table_name="list_rows")
    op.drop_index("ix_list_rows_all_next", table_name="list_rows")
    op.drop_index("ix_list_rows_all_name", table_name="list_rows")
    op.drop_index("ix_list_rows_all_due", table_name="list_rows")
    op.drop_index("ix_list_rows_action_name", table_name="list_rows")
    op.drop_index("ix_list_rows_action_due", table_name="list_rows")
    op.drop_index("ix_list_rows_action_band", table_name="list_rows")
    op.drop_table("list_rows")
    op.drop_index(op.f("ix_instalments_customer_id_settled_on"), table_name="instalments")
    op.drop_index(op.f("ix_instalments_company_id_settled_on"), table_name="instalments")
    op.drop_table("instalments")
    op.drop_index(op.f("ix_follow_ups_company_id_done_on"), table_name="follow_ups")
    op.drop_table("follow_ups")
    op.drop_index(op.f("ix_tasks_customer_id_state_due_on"), table_name="tasks")
    op.drop_index(op.f("ix_tasks_company_id_state_due_on"), table_name="tasks")
    op.drop_table("tasks")
    op.drop_index(op.f("ix_promises_customer_id"), table_name="promises")
    op.drop_table("promises")
    op.drop_table("presences")
    op.drop_index(op.f("ix_plan_assignments_plan_id"), table_name="plan_assignments")
    op.drop_table("plan_assignments")
    op.drop_index(op.f("ix_levels_plan_id"), table_name="levels")
    op.drop_table("levels")
    op.drop_index(op.f("ix_invoices_customer_id"), table_name="invoices")
    op.drop_table("invoices")
    op.drop_index(op.f("ix_deliveries_state_next_attempt_at"), table_name="deliveries")
    op.drop_index(op.f("ix_deliveries_customer_id_state"), table_name="deliveries")
    op.drop_index(op.f("ix_deliveries_company_id_state"), table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_table("customer_states")
    op.drop_index(op.f("ix_credits_customer_id_used_up_on"), table_name="credits")
    op.drop_index(op.f("ix_credits_company_id_used_up_on"), table_name="credits")
    op.drop_table("credits")
    op.drop_index(op.f("ix_contacts_customer_id"), table_name="contacts")
    op.drop_table("contacts")
    op.drop_table("plans")
    op.drop_index(op.f("ix_memberships_company_id"), table_name="memberships")
    op.drop_table("memberships")
    op.drop_index(op.f("ix_ledger_imports_company_id"), table_name="ledger_imports")
    op.drop_table("ledger_imports")
    op.drop_index(op.f("ix_customers_responsible_id"), table_name="customers")
    op.drop_index(op.f("ix_customers_parent_id"), table_name="customers")
    op.drop_index(op.f("ix_customers_company_id_name"), table_name="customers")
    op.drop_table("customers")
    op.drop_index(op.f("ix_bank_accounts_company_id"), table_name="bank_accounts")
    op.drop_table("bank_accounts")
    op.drop_table("automatic_days")
    op.drop_table("users")
    op.drop_index(op.f("ix_sign_in_failures_email_at"), table_name="sign_in_failures")
    op.drop_index(op.f("ix_sign_in_failures_address_at"), table_name="sign_in_failures")
    op.drop_table("sign_in_failures")
    op.drop_table("fence")
    op.drop_table("companies")
