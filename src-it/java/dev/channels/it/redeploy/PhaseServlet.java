package dev.channels.it.redeploy;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Tells what JMX shows of another application of the server; "gone" when that is nothing. */
@WebServlet("/phase")
public class PhaseServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName other =
                    new ObjectName(
                            "dev.channels:type=Channels,application="
                                    + ObjectName.quote(request.getParameter("of")));
            response.getWriter()
                    .print(
                            server.isRegistered(other)
                                    ? server.getAttribute(other, "Phase")
                                    : "gone");
        } catch (JMException e) {
            throw new IOException(e);
        }
    }
}
