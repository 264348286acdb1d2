// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IDirectory, Registration } from "../interfaces/IDirectory.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";

/// @notice See IDirectory.
/// @dev Deployed last. Its list of names repeats the fields of Wiring in their order; a test compares the two.
contract Directory is IDirectory {
    uint256 internal constant DEPLOYED = 28;
    uint32 internal constant FIRST_VERSION = 1;

    address internal immutable TIMELOCK;

    bytes32[] internal _names;
    mapping(bytes32 name => Registration) internal _registrations;

    constructor(Wiring memory wiring, Genesis memory genesis) {
        TIMELOCK = wiring.timelock;
        bytes32[DEPLOYED] memory names = _deployed();
        address[DEPLOYED] memory locations = abi.decode(abi.encode(wiring), (address[28]));
        for (uint256 i; i < DEPLOYED; ++i) {
            _set(names[i], Registration(locations[i], FIRST_VERSION, genesis.catalogHash));
        }
    }

    /// @inheritdoc IDirectory
    function register(bytes32 name, address location, uint32 catalogVersion, bytes32 catalogHash) external {
        require(msg.sender == TIMELOCK, OnlyTimelock(msg.sender));
        require(name != 0, UnknownName(name));
        require(location.code.length != 0, NoContract(name, location));
        uint32 last = _registrations[name].catalogVersion;
        require(catalogVersion != 0 && catalogVersion >= last, VersionWentBack(name, catalogVersion, last));
        _set(name, Registration(location, catalogVersion, catalogHash));
    }

    /// @inheritdoc IDirectory
    function registrationOf(bytes32 name) external view returns (Registration memory registration) {
        registration = _registrations[name];
        require(registration.catalogVersion != 0, UnknownName(name));
    }

    /// @inheritdoc IDirectory
    function nameCount() external view returns (uint256) {
        return _names.length;
    }

    /// @inheritdoc IDirectory
    function nameAt(uint256 index) external view returns (bytes32) {
        return _names[index];
    }

    function _set(bytes32 name, Registration memory registration) internal {
        if (_registrations[name].catalogVersion == 0) _names.push(name);
        _registrations[name] = registration;
        emit ContractRegistered(name, registration.location, registration.catalogVersion, registration.catalogHash);
    }

    function _deployed() private pure returns (bytes32[DEPLOYED] memory) {
        return [
            bytes32("forwarder"),
            "credit",
            "faucet",
            "vault",
            "parameters",
            "breaker",
            "agentRegistry",
            "stake",
            "reputation",
            "validation",
            "agency",
            "taskMarket",
            "workLeases",
            "dataLeases",
            "verifierPool",
            "disputes",
            "bounties",
            "channels",
            "guilds",
            "workflows",
            "checkpoints",
            "rewards",
            "treasury",
            "council",
            "governor",
            "timelock",
            "directory",
            "jobs"
        ];
    }
}
