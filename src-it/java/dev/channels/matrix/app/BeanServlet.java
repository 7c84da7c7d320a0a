package dev.channels.matrix.app;

import dev.channels.it.app.PublishingBean;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Has a bean publish what is posted. */
@WebServlet("/bean")
public class BeanServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient PublishingBean bean;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        byte[] body = request.getInputStream().readAllBytes();
        bean.publish(request.getParameter("channel"), new String(body, StandardCharsets.UTF_8));
    }
}
