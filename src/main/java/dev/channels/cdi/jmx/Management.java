package dev.channels.cdi.jmx;

import dev.channels.ErrorCode;
import dev.channels.cdi.status.ApplicationStatus;
import dev.channels.spi.Log;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.StandardMBean;

/** Shows an application in JMX, from its start to its end: the JVM would keep it in memory. */
public final class Management implements AutoCloseable {

    private final ObjectName name;

    private Management(ObjectName name) {
        this.name = name;
    }

    /**
     * Shows an application. Where JMX does not take it, the log says so, and nothing else happens.
     *
     * @param application its name: the path of its context
     * @param status what is shown
     * @return hides it again
     */
    public static AutoCloseable show(String application, ApplicationStatus status) {
        try {
            ObjectName name =
                    new ObjectName(
                            "dev.channels:type=Channels,application="
                                    + ObjectName.quote(application));
            ManagementFactory.getPlatformMBeanServer()
                    .registerMBean(
                            new StandardMBean(new StatusBean(status), ChannelsMXBean.class, true),
                            name);
            return new Management(name);
        } catch (JMException | RuntimeException e) {
            Log.warn(ErrorCode.STATE, "The application " + application + " is not shown in JMX", e);
            return () -> {};
        }
    }

    @Override
    public void close() throws JMException {
        ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
    }
}
