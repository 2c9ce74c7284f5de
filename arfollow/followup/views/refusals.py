"""The refusals that a customer's page shows in words; any other error is a failure of ours."""

from __future__ import annotations

from arfollow.delivery.operations.queueing import AlreadyQueuedError
from arfollow.followup.actions.email import NoAddressError, NoSenderError
from arfollow.followup.actions.letter import ChangedMeanwhileError, NothingToPostError
from arfollow.followup.actions.todo import NoTodoError, TodoDoneError
from arfollow.followup.clicks import DateNotAheadError, NothingRecordedError, NoUndoError, OutdatedError
from arfollow.followup.operations.agreeing import NoItemsChosenError, PartOfSeveralError, PromisedAlreadyError
from arfollow.followup.operations.withdrawing import NotWithdrawableError
from arfollow.levels.queries.wordings import NoWordingError
from arfollow.levels.wording import WordingError
from arfollow.receivables.operations.allocations import (
    CurrencyDiffersError,
    NothingToApplyError,
    UnknownAllocationError,
)
from arfollow.receivables.operations.disputes import DisputedAmountError, NoDisputeError
from arfollow.receivables.operations.holds import HoldDatesError, NoHoldError
from arfollow.receivables.operations.invoices import NotPositiveError
from arfollow.receivables.operations.lookup import MissingTextError, UnknownCreditError, UnknownItemError
from arfollow.receivables.operations.promises import (
    NoPromisedItemsError,
    NoPromiseError,
    PromiseCurrenciesError,
    PromiseDateError,
    PromiseTooLongError,
)
from arfollow.statements.rules import NothingToClaimError
from arfollow.tasks.operations import TaskClosedError, UnknownAssigneeError, UnknownTaskError
from arfollow.values.money import AmountError

REFUSALS: tuple[type[Exception], ...] = (
    AlreadyQueuedError,
    AmountError,
    ChangedMeanwhileError,
    CurrencyDiffersError,
    DateNotAheadError,
    DisputedAmountError,
    HoldDatesError,
    MissingTextError,
    NoAddressError,
    NoDisputeError,
    NoHoldError,
    NoItemsChosenError,
    NoPromiseError,
    NoPromisedItemsError,
    NoSenderError,
    NoTodoError,
    NoUndoError,
    NoWordingError,
    NotPositiveError,
    NotWithdrawableError,
    NothingRecordedError,
    NothingToApplyError,
    NothingToClaimError,
    NothingToPostError,
    OutdatedError,
    PartOfSeveralError,
    PromiseCurrenciesError,
    PromiseDateError,
    PromiseTooLongError,
    PromisedAlreadyError,
    TaskClosedError,
    TodoDoneError,
    UnknownAllocationError,
    UnknownAssigneeError,
    UnknownCreditError,
    UnknownItemError,
    UnknownTaskError,
    WordingError,
)
