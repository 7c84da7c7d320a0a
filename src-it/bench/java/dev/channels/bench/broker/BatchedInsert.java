package dev.channels.bench.broker;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** The bare driver: one batch of inserts, and its commit, at a time. */
final class BatchedInsert implements Route {

    private final Connection connection;
    private final PreparedStatement insert;
    private final Arrivals arrivals;
    private int batched;

    BatchedInsert(String url, Arrivals arrivals) throws SQLException {
        this.arrivals = arrivals;
        connection =
                DriverManager.getConnection(url + "?reWriteBatchedInserts=true", "postgres", "");
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS bare");
            statement.execute(
                    "CREATE TABLE bare (id bigserial PRIMARY KEY, channel text NOT NULL,"
                            + " payload bytea NOT NULL)");
            // As the plugin has it: an acknowledged event survives a crash.
            statement.execute("SET synchronous_commit = on");
        }
        connection.setAutoCommit(false);
        insert = connection.prepareStatement("INSERT INTO bare (channel, payload) VALUES (?, ?)");
    }

    @Override
    public void publish(int channel, byte[] payload) throws SQLException {
        insert.setString(1, "channel " + channel);
        insert.setBytes(2, payload);
        insert.addBatch();
        batched++;
    }

    @Override
    public void flush() throws SQLException {
        insert.executeBatch();
        connection.commit();
        for (; batched > 0; batched--) {
            arrivals.answer();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
