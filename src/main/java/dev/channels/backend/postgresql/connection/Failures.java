package dev.channels.backend.postgresql.connection;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.spi.BrokerUnavailableException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells by the SQLSTATE (PostgreSQL manual, appendix A) what a failure means.
 *
 * <p>What the data themselves cause, and what a rule for them refuses, fails one publication. What
 * the server refuses whoever asks, until somebody changes the configuration, the rights or the
 * tables, is a refusal and no outage. Everything else may pass: a lost connection, a restart, a
 * standby that is not promoted yet, a full disk.
 */
public final class Failures {

    private static final String NOT_NULL_VIOLATION = "23502";

    /** Stands in the message in every language; another column is one that somebody has added. */
    private static final String COLUMN_OF_CHANNEL = "channel_id";

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    /**
     * Data exception, integrity constraint violation, external routine exception (two classes),
     * program limit exceeded, and what a trigger raises.
     */
    private static final Set<String> CLASSES_OF_DATA = Set.of("22", "23", "38", "39", "54", "P0");

    /**
     * Syntax error or access rule violation, invalid authorization, invalid catalog name, invalid
     * schema name, invalid role.
     */
    private static final Set<String> CLASSES_OF_REFUSAL = Set.of("42", "28", "3D", "3F", "0P");

    /** What pgjdbc says where the server wants what the URL does not give. */
    private static final String CONNECTION_REJECTED = "08004";

    /** Insufficient privilege, undefined function, feature not supported. */
    private static final Set<String> UNSUPPORTED = Set.of("42501", "42883", "0A000");

    private final String address;

    /**
     * Makes a judge of failures.
     *
     * @param address where the database is, for messages
     */
    public Failures(String address) {
        this.address = address;
    }

    /** Tells whether the data themselves cannot be stored, however often it is tried. */
    public static boolean isCausedByData(SQLException e) {
        return CLASSES_OF_DATA.contains(stateClass(e));
    }

    /** Tells whether it is of no use to try again before somebody has changed something. */
    public static boolean isRefusal(Throwable e) {
        return e instanceof SQLException refused
                && (CLASSES_OF_REFUSAL.contains(stateClass(refused))
                        || state(refused).equals(CONNECTION_REJECTED));
    }

    /** Tells whether the publish statement found one of its channels' rows gone. */
    public static boolean isMissingChannel(SQLException e) {
        String message = e.getMessage();
        return state(e).equals(NOT_NULL_VIOLATION)
                && message != null
                && message.contains(COLUMN_OF_CHANNEL);
    }

    /** Tells whether the same statement can succeed at once: deadlock, serialization failure. */
    public static boolean isConflict(SQLException e) {
        return CONFLICTS.contains(state(e));
    }

    /** Tells whether the same statement can succeed once others have ended theirs. */
    public static boolean isContention(SQLException e) {
        return isConflict(e) || state(e).equals(LOCK_NOT_AVAILABLE);
    }

    /** Tells whether the server has no such function, or keeps it from this user. */
    public static boolean isUnsupported(SQLException e) {
        return UNSUPPORTED.contains(state(e));
    }

    /** Tells whether the connection is of no more use: class 08, and the server's going down. */
    public static boolean isDisconnection(SQLException e) {
        String state = state(e);
        return state.isEmpty() || state.startsWith("08") || state.startsWith("57P");
    }

    private static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }

    private static String stateClass(SQLException e) {
        String state = state(e);
        return state.length() == 5 ? state.substring(0, 2) : "";
    }

    /** Returns what to tell about a connection that failed, whatever the reason. */
    public ChannelsException reported(Throwable cause) {
        if (cause instanceof ChannelsException told) {
            return told;
        }
        return isRefusal(cause) ? refused(cause) : unavailable(cause);
    }

    /** Returns what to tell about what somebody has to change. */
    public ChannelsException refused(Throwable cause) {
        return new ChannelsException(
                ErrorCode.BROKER_REFUSED,
                "PostgreSQL refuses what this backend needs, at "
                        + address
                        + ": "
                        + firstLine(cause)
                        + ". "
                        + remedy(cause instanceof SQLException e ? state(e) : ""),
                cause);
    }

    private static String remedy(String state) {
        return switch (state) {
            case "42501" ->
                    "Grant the user the schema (USAGE, and CREATE unless"
                            + " channels.postgresql.create-tables=false) and SELECT, INSERT, UPDATE"
                            + " and DELETE on the eight tables, and USAGE on the sequence.";
            case "42P01", "42703" ->
                    "Make the tables what dev/channels/backend/postgresql/ddl.sql says.";
            case "42P05", "26000" ->
                    "Set prepareThreshold=0 in channels.postgresql.url: a pooler gives each"
                            + " transaction another session.";
            case "3D000" -> "Create the database, or change channels.postgresql.url.";
            case "3F000" -> "Create the schema, or change channels.postgresql.schema.";
            case "42883" -> "Use PostgreSQL 12 or later, with its functions open to the user.";
            default ->
                    state.startsWith("28") || state.equals(CONNECTION_REJECTED)
                            ? "Check channels.postgresql.user and channels.postgresql.password,"
                                    + " and the server's pg_hba.conf."
                            : "Change what the server names.";
        };
    }

    /** Returns what to tell whoever is to try again. */
    public BrokerUnavailableException unavailable(@Nullable Throwable cause) {
        String why = cause == null ? "not connected yet" : firstLine(cause);
        return new BrokerUnavailableException(
                "PostgreSQL cannot be used at " + address + ": " + why, cause);
    }

    /** Returns what to tell whoever asked for a history, or for its end, and does not get it. */
    public ChannelsException unreadable(Throwable cause) {
        if (isRefusal(cause)) {
            return refused(cause);
        }
        if (cause instanceof SQLException e && state(e).equals(LOCK_NOT_AVAILABLE)) {
            return new ChannelsException(
                    ErrorCode.HISTORY_FAILED,
                    "The history in PostgreSQL is as it was at "
                            + address
                            + ": another transaction holds the channel's row ("
                            + firstLine(cause)
                            + "). Try again when it has ended; pg_stat_activity shows it.",
                    cause);
        }
        return new ChannelsException(
                ErrorCode.HISTORY_FAILED,
                "The history in PostgreSQL could not be read at "
                        + address
                        + ": "
                        + firstLine(cause),
                cause);
    }

    private static String firstLine(Throwable cause) {
        String message = cause.getMessage();
        String line = message == null ? cause.toString() : message.lines().findFirst().orElse("");
        Throwable root = cause.getCause();
        String detail = root == null || root.getMessage() == null ? "" : " (" + root + ")";
        return cause instanceof SQLException e && e.getSQLState() != null
                ? line + detail + " [SQLSTATE " + e.getSQLState() + "]"
                : line + detail;
    }
}
