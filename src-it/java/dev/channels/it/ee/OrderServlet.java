package dev.channels.it.ee;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Places orders, and tells who has heard of them, or who has come and gone. */
@WebServlet("/orders")
public class OrderServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient OrderDesk desk;
    @Inject private transient OrderLedger ledger;
    @Inject private transient ChannelReader reader;
    @Inject private transient LifeLedger life;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        Order order = new Order();
        order.setId(Integer.parseInt(request.getParameter("id")));
        String fail = request.getParameter("fail");
        if (fail == null) {
            desk.place(order);
            return;
        }
        try {
            desk.place(order, Boolean.parseBoolean(fail));
        } catch (RuntimeException e) {
            // It has rolled back.
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String channel = request.getParameter("channel");
        String by = request.getParameter("by");
        String headers = request.getParameter("headers");
        String answer = life.seen();
        if (channel != null) {
            answer = reader.texts(channel);
        } else if (headers != null) {
            answer = reader.headers(headers).toString();
        } else if (by != null) {
            answer = ledger.seen(by);
        }
        response.getWriter().print(answer);
    }
}
