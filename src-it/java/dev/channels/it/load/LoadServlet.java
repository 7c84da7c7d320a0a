package dev.channels.it.load;

import dev.channels.ChannelsPlugin;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Publishes to one channel from many threads at once, and tells what the server has of threads,
 * descriptors and heap, and what the plugin counted.
 */
@WebServlet("/load/*")
public class LoadServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** What a server keeps as long as it keeps its session. */
    private static final String SESSION = "dev.channels.websocket.ChannelEndpoint";

    @Inject private transient ChannelsPlugin channels;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        String channel = request.getParameter("channel");
        int events = number(request, "events");
        String filling = "x".repeat(number(request, "size"));
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < number(request, "threads"); t++) {
            String prefix = t + " ";
            Thread thread =
                    new Thread(
                            () -> {
                                for (int i = 0; i < events; i++) {
                                    channels.publish(prefix + i + " " + filling, channel);
                                }
                            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static int number(HttpServletRequest request, String name) {
        return Integer.parseInt(request.getParameter(name));
    }

    /** Tells how many threads there are, and begins to look for the peak. */
    private static int threadsFromNow() {
        THREADS.resetPeakThreadCount();
        return THREADS.getThreadCount();
    }

    /** Tells how many bytes of the heap are in use after a collection. */
    private static long heap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** Asks the management bean of this application. */
    private static Object connections(HttpServletRequest request) {
        try {
            return ManagementFactory.getPlatformMBeanServer()
                    .getAttribute(
                            new ObjectName(
                                    "dev.channels:type=Channels,application="
                                            + ObjectName.quote(request.getContextPath())),
                            "Connections");
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Counts the objects of a class that a collection leaves, in all applications. */
    private static long objects(String type) {
        try {
            Object histogram =
                    ManagementFactory.getPlatformMBeanServer()
                            .invoke(
                                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                    "gcClassHistogram",
                                    new Object[] {new String[0]},
                                    new String[] {String[].class.getName()});
            return histogram
                    .toString()
                    .lines()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(columns -> columns.length > 3 && columns[3].equals(type))
                    .mapToLong(columns -> Long.parseLong(columns[1]))
                    .sum();
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes to the server's log what it is sent, as it is. */
    private static String write(String text) {
        Logger.getLogger(LoadServlet.class.getName()).warning(text);
        return "";
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.getWriter()
                .print(
                        switch (request.getPathInfo()) {
                            case "/threads-from-now" -> threadsFromNow();
                            case "/threads" -> THREADS.getThreadCount();
                            case "/peak-of-threads" -> THREADS.getPeakThreadCount();
                            case "/descriptors" -> new File("/proc/self/fd").list().length;
                            case "/heap" -> heap();
                            case "/connections" -> connections(request);
                            case "/sessions" -> objects(SESSION);
                            case "/log" -> write(request.getParameter("text"));
                            case "/dropped" -> channels.statistics().dropped();
                            default -> channels.statistics().subscribers();
                        });
    }
}
