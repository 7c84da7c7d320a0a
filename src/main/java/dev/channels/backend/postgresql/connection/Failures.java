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
 * <p>Only what the data themselves cause, and what a rule for them refuses, is final. Everything
 * else may pass: a lost connection, a restart, a standby that is not promoted yet, a full disk, a
 * right that is not granted yet.
 */
public final class Failures {

    private static final String NOT_NULL_VIOLATION = "23502";
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    /**
     * Data exception, integrity constraint violation, external routine exception (two classes),
     * program limit exceeded, and what a trigger raises.
     */
    private static final Set<String> CLASSES_OF_DATA = Set.of("22", "23", "38", "39", "54", "P0");

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
        String state = state(e);
        return state.length() == 5 && CLASSES_OF_DATA.contains(state.substring(0, 2));
    }

    /** Tells whether the publish statement found one of its channels' rows gone. */
    public static boolean isMissingChannel(SQLException e) {
        return state(e).equals(NOT_NULL_VIOLATION);
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

    /** Returns what to tell about a connection that failed, whatever the reason. */
    public ChannelsException reported(Throwable cause) {
        return cause instanceof ChannelsException told ? told : unavailable(cause);
    }

    /** Returns what to tell whoever is to try again. */
    public BrokerUnavailableException unavailable(@Nullable Throwable cause) {
        String why = cause == null ? "not connected yet" : firstLine(cause);
        return new BrokerUnavailableException(
                "PostgreSQL cannot be used at " + address + ": " + why, cause);
    }

    /** Returns what to tell whoever asked for a history that the server does not give. */
    public ChannelsException unreadable(SQLException cause) {
        return new ChannelsException(
                ErrorCode.HISTORY_FAILED,
                "PostgreSQL refused to read the history at " + address + ": " + firstLine(cause),
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
