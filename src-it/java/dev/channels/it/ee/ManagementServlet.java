package dev.channels.it.ee;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Tells what JMX shows of this application. */
@WebServlet("/management")
public class ManagementServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName own =
                    new ObjectName(
                            "dev.channels:type=Channels,application="
                                    + ObjectName.quote(request.getContextPath()));
            for (ObjectName name : server.queryNames(own, null)) {
                response.getWriter().print(name + " " + server.getAttribute(name, "Phase"));
            }
        } catch (JMException e) {
            throw new IOException(e);
        }
    }
}
