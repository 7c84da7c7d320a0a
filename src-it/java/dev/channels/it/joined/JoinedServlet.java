package dev.channels.it.joined;

import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.naming.InitialContext;
import javax.sql.DataSource;

/** Places an order, and publishes it, in one transaction; tells what became of the publish. */
@WebServlet("/joined/*")
public class JoinedServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient ChannelsPlugin channels;
    @Resource private transient UserTransaction transaction;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String fate = request.getPathInfo().substring(1);
        String text = new String(request.getInputStream().readAllBytes(), "UTF-8");
        try {
            response.getWriter().print(place(fate, text, request.getParameter("by")));
        } catch (Exception e) {
            response.getWriter().print("failed: " + e);
        }
    }

    private String place(String fate, String text, String dataSource) throws Exception {
        DataSource source = (DataSource) new InitialContext().lookup(dataSource);
        transaction.begin();
        CompletableFuture<Void> sent = channels.waitPublished(text, "news").toCompletableFuture();
        insert(source, fate.equals("broken") ? "nowhere" : "orders", text);
        if (fate.equals("rollback")) {
            transaction.rollback();
            return outcome(sent);
        }
        try {
            transaction.commit();
        } catch (Exception e) {
            return e.getClass().getSimpleName() + " " + outcome(sent);
        }
        return outcome(sent);
    }

    /** What fails here leaves the transaction such that nothing can be written by it any more. */
    private static void insert(DataSource source, String table, String text) throws SQLException {
        try (Connection connection = source.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("INSERT INTO " + table + " VALUES (?)")) {
            statement.setString(1, text);
            statement.executeUpdate();
        } catch (SQLException e) {
            if (table.equals("orders")) {
                throw e;
            }
        }
    }

    private static String outcome(CompletableFuture<Void> sent) {
        try {
            sent.orTimeout(20, TimeUnit.SECONDS).join();
            return "sent";
        } catch (CompletionException e) {
            return e.getCause() instanceof ChannelsException known
                    ? known.errorCode().toString()
                    : e.getCause().toString();
        }
    }
}
