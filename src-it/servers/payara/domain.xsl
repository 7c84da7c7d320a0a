<?xml version="1.0" encoding="UTF-8"?>
<!-- Gives the default domain the ports of this build, and takes away what would listen on any other. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
    <xsl:param name="admin.port"/>
    <xsl:param name="http.port"/>
    <xsl:param name="jms.port"/>
    <xsl:param name="virtual.threads" select="false()"/>

    <xsl:template match="@*|node()">
        <xsl:copy>
            <xsl:apply-templates select="@*|node()"/>
        </xsl:copy>
    </xsl:template>

    <xsl:template match="network-listener[@name='http-listener-1']/@port">
        <xsl:attribute name="port"><xsl:value-of select="$http.port"/></xsl:attribute>
    </xsl:template>

    <xsl:template match="network-listener[@name='admin-listener']/@port">
        <xsl:attribute name="port"><xsl:value-of select="$admin.port"/></xsl:attribute>
    </xsl:template>

    <xsl:template match="system-property[@name='JMS_PROVIDER_PORT']/@value">
        <xsl:attribute name="value"><xsl:value-of select="$jms.port"/></xsl:attribute>
    </xsl:template>

    <xsl:template match="hazelcast-config-specific-configuration|iiop-listener|jmx-connector|network-listener[@name='http-listener-2']">
        <xsl:copy>
            <xsl:attribute name="enabled">false</xsl:attribute>
            <xsl:apply-templates select="@*[name() != 'enabled']|node()"/>
        </xsl:copy>
    </xsl:template>

    <!-- what an interrupted run left behind -->
    <xsl:template match="applications/*|server/application-ref"/>

    <!-- a remote shell on port 6666 -->
    <xsl:template match="jvm-options[starts-with(., '-Dorg.glassfish.additionalOSGiBundlesToStart=')]"/>

    <!-- an executor that an application can name -->
    <xsl:template match="managed-executor-service[@jndi-name='concurrent/own']|resource-ref[@ref='concurrent/own']"/>

    <xsl:template match="domain/resources">
        <xsl:copy>
            <xsl:apply-templates select="@*|node()"/>
            <managed-executor-service jndi-name="concurrent/own">
                <xsl:if test="$virtual.threads">
                    <xsl:attribute name="use-virtual-threads">true</xsl:attribute>
                </xsl:if>
            </managed-executor-service>
        </xsl:copy>
    </xsl:template>

    <xsl:template match="server[@name='server']">
        <xsl:copy>
            <xsl:apply-templates select="@*|node()"/>
            <resource-ref ref="concurrent/own"/>
        </xsl:copy>
    </xsl:template>

    <xsl:template match="jvm-options[. = '-Xmx512m']">
        <jvm-options>-Xmx768m</jvm-options>
        <!-- class loaders are to be collected although a cache of the JDK remembers them softly -->
        <jvm-options>-XX:SoftRefLRUPolicyMSPerMB=0</jvm-options>
    </xsl:template>
</xsl:stylesheet>
