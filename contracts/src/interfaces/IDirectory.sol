// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @notice What serves a name. Stored.
struct Registration {
    address location;
    uint32 catalogVersion;
    bytes32 catalogHash;
}

/// @title Which contract serves which name, under which version and hash of the event catalog.
interface IDirectory {
    /// @notice A contract serves a name under a version and hash of this catalog.
    /// @custom:trigger the timelock; the deployment
    /// @custom:step Directory: name -> contract
    event ContractRegistered(
        bytes32 indexed name, address indexed location, uint32 catalogVersion, bytes32 catalogHash
    );

    error OnlyTimelock(address caller);
    error UnknownName(bytes32 name);
    error NoContract(bytes32 name, address location);
    error VersionWentBack(bytes32 name, uint32 version, uint32 last);

    /// @notice Registers a contract under a new or known name; for the timelock.
    function register(bytes32 name, address location, uint32 catalogVersion, bytes32 catalogHash) external;

    /// @notice What serves the name; an unknown one reverts.
    function registrationOf(bytes32 name) external view returns (Registration memory);

    function nameCount() external view returns (uint256);

    /// @notice The names in the order of their first registration; those of the deployment first.
    function nameAt(uint256 index) external view returns (bytes32);
}
